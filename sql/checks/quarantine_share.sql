-- checks.quarantine_share
-- Table   quarantine
-- Severity critical
-- Meaning no more than 5 % of an edition is set aside
-- Grain   one row per dataset and edition beyond the limit
-- Reads   marts.editions
select dataset, edition, rows_in, rows_quarantined
from marts.editions
where rows_quarantined > 0.05 * rows_in
order by all
