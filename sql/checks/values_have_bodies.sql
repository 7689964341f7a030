-- checks.values_have_bodies
-- Table   values
-- Severity critical
-- Meaning every value belongs to a body and a period of the register
-- Grain   one row per orphan
-- Reads   marts.values, marts.bodies, marts.periods
select v.body_id, v.measure_id, v.period
from marts.values v
left join marts.bodies b using (body_id)
left join marts.periods p using (period)
where b.body_id is null or p.period is null
order by all
