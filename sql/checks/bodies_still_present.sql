-- checks.bodies_still_present
-- Table   values
-- Severity warning
-- Meaning at least 80 % as many bodies state a figure as in the year before
-- Grain   one row per measure and period with too few
-- Reads   marts.values, marts.periods, marts.bodies, staging.expected_in
with present as (
    select v.measure_id, v.period, any_value(p.start) as start, any_value(p.kind) as kind,
        count(*) filter (where v.value is not null) as bodies
    from marts.values v
    join marts.periods p using (period)
    join marts.bodies b using (body_id)
    join staging.expected_in e on e.measure_id = v.measure_id and e.class_id = b.class_id
    where v.is_current
    group by v.measure_id, v.period
)
select b.measure_id, a.period as before_period, a.bodies as bodies_before, b.period, b.bodies
from present b
join present a
    on a.measure_id = b.measure_id and a.kind = b.kind
    and a.start[6:] = b.start[6:] and a.start[:4]::integer + 1 = b.start[:4]::integer
where b.bodies < 0.8 * a.bodies
order by all
