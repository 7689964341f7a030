-- checks.potential_counted_once
-- Table   potential
-- Severity critical
-- Meaning of the services that share money at most one potential is counted, and only one with a headline
-- Grain   one row per body and group with two counted, or per potential counted without a headline
-- Reads   marts.potential
with p as (
    select body_id, coalesce(overlap, service_id) as shared, counted, grade
    from marts.potential
)
select body_id, shared, count(*) filter (where counted) as n_counted
from p
group by body_id, shared
having count(*) filter (where counted) > 1
    or count(*) filter (where counted and grade not in ('A', 'B')) > 0
    or count(*) filter (where counted is null) > 0
order by all
