-- staging.ratio_inputs
-- Grain   one row per body, indicator and period with a numerator, or a reason why there is none
-- Reads   staging.usable, staging.alignments, staging.served, marts.bodies, marts.periods, marts.scope_flags
-- Writes  numerator and denominator (units of their measures), their statuses, the denominator's period, like_for_like
-- Notes   a point in time serves a year when it is the nearest one within the pack's limit; of two equally near ones the
--         pack says which. What several indicators divide by is looked up once.
with days as (
    select period, p.start::date + (date_diff('day', p.start::date, p.end::date) // 2)::integer as middle
    from marts.periods p
), above as (
    select a.*, u.body_id, u.period, u.value, u.status, u.rebuilt, u.input_editions, d.middle
    from staging.alignments a
    join staging.served s using (indicator_id)
    join marts.bodies b using (class_id)
    join staging.usable u on u.body_id = b.body_id and u.measure_id = a.numerator
    join days d using (period)
), below as (
    select u.*, d.middle
    from staging.usable u
    join days d using (period)
    where u.measure_id in (select denominator from staging.alignments)
), asked as (
    select distinct body_id, denominator, rule, within_years, prefer, period, middle
    from above
    where denominator is not null
), nearest as (
    select
        a.body_id, a.denominator, a.rule, a.within_years, a.prefer, a.period,
        arg_min(b, (
            b.value is null,
            abs(date_diff('day', a.middle, b.middle)),
            case when a.prefer = 'later' then -1 else 1 end * date_diff('day', a.middle, b.middle)
        )) as found
    from asked a
    join below b
        on b.body_id = a.body_id
        and b.measure_id = a.denominator
        and b.middle between a.middle - (366 * a.within_years)::integer and a.middle + (366 * a.within_years)::integer
        and (a.rule <> 'same' or b.period = a.period)
    group by all
), flagged as (
    select f.body_id, f.service_id, f.period_from, coalesce(f.period_to, '9999') as period_to,
        case when f.indicators <> '' then string_split(f.indicators, ' ') end as indicators
    from marts.scope_flags f
), unlike as (
    select distinct a.body_id, a.indicator_id, a.period
    from above a
    join flagged f
        on f.body_id = a.body_id and f.service_id = a.service_id
        and a.period between f.period_from and f.period_to
        and (f.indicators is null or list_contains(f.indicators, a.indicator_id))
)
select
    a.body_id,
    a.indicator_id,
    a.period,
    a.value as numerator,
    a.status as numerator_status,
    a.denominator as denominator_measure,
    n.found.value as denominator,
    coalesce(n.found.status, 'missing') as denominator_status,
    n.found.period as denominator_period,
    a.rebuilt or coalesce(n.found.rebuilt, false) as rebuilt,
    a.input_editions,
    n.found.input_editions as denominator_editions,
    u.body_id is null as like_for_like
from above a
left join nearest n
    on n.body_id = a.body_id and n.denominator = a.denominator and n.rule = a.rule
    and n.within_years = a.within_years and n.prefer = a.prefer and n.period = a.period
left join unlike u on u.body_id = a.body_id and u.indicator_id = a.indicator_id and u.period = a.period
