-- staging.flow_inputs
-- Grain   one row per service, use, place, body and period in which the service's money is stated
-- Reads   staging.usable, staging.flows, staging.flow_classes, marts.bodies, marts.periods
-- Writes  the amount at each place of a chain or a volume index (unit of its measure), its status and its own period
-- Notes   place 0 is the money, which says what periods there are. An amount that follows the money is looked for `lag`
--         periods later; a point in time serves a year when it is the nearest one within the pack's limit, as in
--         staging.ratio_inputs.
with days as (
    select
        period, kind, p.start::date + (date_diff('day', p.start::date, p.end::date) // 2)::integer as middle,
        row_number() over (partition by kind order by p.start) as place
    from marts.periods p
), money as (
    select f.service_id, f.use, u.body_id, d.period, d.kind, d.place
    from staging.flows f
    join staging.flow_classes c using (service_id)
    join marts.bodies b using (class_id)
    join staging.usable u on u.body_id = b.body_id and u.measure_id = f.measure_id
    join days d using (period)
    where f.place = 0
), asked as (
    select f.*, m.body_id, m.period, d.period as due, d.middle
    from money m
    join staging.flows f using (service_id, use)
    join days d on d.kind = m.kind and d.place = m.place + f.lag
), below as (
    select u.body_id, u.measure_id, u.period, u.value, u.status, u.rebuilt, u.input_editions, d.middle
    from staging.usable u
    join days d using (period)
    where u.measure_id in (select measure_id from staging.flows)
), nearest as (
    select
        a.service_id, a.use, a.place, a.body_id, a.period,
        arg_min(b, (
            b.value is null,
            abs(date_diff('day', a.middle, b.middle)),
            case when a.prefer = 'later' then -1 else 1 end * date_diff('day', a.middle, b.middle)
        )) as found
    from asked a
    join below b
        on b.body_id = a.body_id
        and b.measure_id = a.measure_id
        and b.middle between a.middle - (366 * a.within_years)::integer and a.middle + (366 * a.within_years)::integer
        and (a.rule <> 'same' or b.period = a.due)
    group by all
)
select
    m.service_id,
    m.use,
    f.place,
    m.body_id,
    m.period,
    n.found.value as value,
    coalesce(n.found.status, 'missing') as status,
    n.found.period as found_period,
    coalesce(n.found.rebuilt, false) as rebuilt,
    n.found.input_editions as input_editions
from money m
join staging.flows f using (service_id, use)
left join nearest n
    on n.service_id = m.service_id and n.use = m.use and n.place = f.place and n.body_id = m.body_id
    and n.period = m.period
