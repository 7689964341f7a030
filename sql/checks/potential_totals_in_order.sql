-- checks.potential_totals_in_order
-- Table   potential_totals
-- Severity critical
-- Meaning a sector's total lies inside its range, is not negative, and adds up bodies that have a potential
-- Grain   one row per total that contradicts itself
-- Reads   marts.potential_totals, marts.potential
with t as (
    select
        service_id, period, field, n,
        columns('^value_.*') as value, columns('^lo_.*') as lo, columns('^hi_.*') as hi
    from marts.potential_totals
)
select t.*
from t
where not (0 <= t.lo and t.lo <= t.value and t.value <= t.hi)
    or t.n > (
        select count(*) from marts.potential p
        where p.service_id = t.service_id and p.period = t.period and p.field = t.field and p.grade is not null
    )
order by all
