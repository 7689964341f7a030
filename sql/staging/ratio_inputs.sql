-- staging.ratio_inputs
-- Grain   one row per body, indicator and period with a numerator, or a reason why there is none
-- Reads   staging.usable, staging.alignments, staging.served, marts.bodies, marts.periods, marts.scope_flags
-- Writes  numerator and denominator (units of their measures), their statuses, the denominator's period, like_for_like
-- Notes   a point in time serves a year when it is the nearest one within the pack's limit; of two equally near ones the
--         pack says which
with subjects as (
    select a.*, b.body_id
    from staging.alignments a
    join staging.served s using (indicator_id)
    join marts.bodies b using (class_id)
), above as (
    select s.*, u.period, u.value, u.status, u.rebuilt, u.input_editions, p.start, p.end,
        p.start::date + (date_diff('day', p.start::date, p.end::date) // 2)::integer as middle
    from subjects s
    join staging.usable u on u.body_id = s.body_id and u.measure_id = s.numerator
    join marts.periods p using (period)
), below as (
    select u.*, p.start::date + (date_diff('day', p.start::date, p.end::date) // 2)::integer as middle
    from staging.usable u
    join marts.periods p using (period)
    where u.measure_id in (select denominator from staging.alignments)
), matched as (
    select
        a.*,
        b.period as denominator_period,
        b.value as denominator_value,
        b.status as denominator_status,
        b.rebuilt as denominator_rebuilt,
        b.input_editions as denominator_editions,
        row_number() over (
            partition by a.indicator_id, a.body_id, a.period
            order by
                (b.value is null),
                abs(date_diff('day', a.middle, b.middle)),
                case when a.prefer = 'later' then -1 else 1 end * date_diff('day', a.middle, b.middle)
        ) as nearness
    from above a
    left join below b
        on b.body_id = a.body_id
        and b.measure_id = a.denominator
        and case
            when a.rule = 'same' then b.period = a.period
            else abs(date_diff('day', a.middle, b.middle)) <= 366 * a.within_years
        end
)
select
    m.body_id,
    m.indicator_id,
    m.period,
    m.value as numerator,
    m.status as numerator_status,
    m.denominator as denominator_measure,
    m.denominator_value as denominator,
    coalesce(m.denominator_status, 'missing') as denominator_status,
    m.denominator_period,
    m.rebuilt or coalesce(m.denominator_rebuilt, false) as rebuilt,
    m.input_editions,
    m.denominator_editions,
    not exists (
        from marts.scope_flags f
        where f.body_id = m.body_id and f.service_id = m.service_id
            and f.period_from <= m.period and coalesce(f.period_to, '9999') >= m.period
            and (f.indicators = '' or list_contains(string_split(f.indicators, ' '), m.indicator_id))
    ) as like_for_like
from matched m
where m.nearness = 1
