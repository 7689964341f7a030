-- staging.usable
-- Grain   one row per body, measure and period
-- Reads   marts.values, marts.values_rebuilt, staging.measure_rules
-- Writes  the figure that rules today, or the one rebuilt from predecessors where the body states none
with stated as (
    select v.body_id, v.measure_id, v.period, v.value, v.status, m.dataset || '@' || v.edition as input_editions
    from marts.values v
    join staging.measure_rules m using (measure_id)
    where v.is_current
)
select body_id, measure_id, period, value, status, false as rebuilt, input_editions
from stated s
where s.value is not null or not exists (
    from marts.values_rebuilt r
    where r.body_id = s.body_id and r.measure_id = s.measure_id and r.period = s.period
)
union all
select body_id, measure_id, period, value, status, true as rebuilt, input_editions
from marts.values_rebuilt
