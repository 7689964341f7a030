-- checks.cells_accounted_for
-- Table   values
-- Severity critical
-- Meaning every cell that a measure takes up is either accepted or set aside, and counted once
-- Grain   one row per dataset and edition whose counts do not add up
-- Reads   staging.cells, staging.measure_rules, marts.values, marts.quarantine, marts.editions
with taken as (
    select c.dataset, c.edition, count(*) as n
    from staging.cells c
    join staging.measure_rules m using (dataset, series)
    group by c.dataset, c.edition
), accepted as (
    select m.dataset, v.edition, count(*) as n
    from marts.values v
    join staging.measure_rules m using (measure_id)
    group by m.dataset, v.edition
), aside as (
    select dataset, edition, count(*) as n from marts.quarantine group by dataset, edition
)
select t.dataset, t.edition, t.n as rows_in, coalesce(a.n, 0) as accepted, coalesce(q.n, 0) as quarantined
from taken t
left join accepted a using (dataset, edition)
left join aside q using (dataset, edition)
left join marts.editions e using (dataset, edition)
where t.n <> coalesce(a.n, 0) + coalesce(q.n, 0) or e.rows_in is distinct from t.n
order by all
