-- checks.datasets_at_hand
-- Table   editions
-- Severity warning
-- Meaning every dataset of the pack has at least one edition
-- Grain   one row per dataset without one
-- Reads   staging.dataset_limits, marts.editions
select l.dataset
from staging.dataset_limits l
where l.dataset not in (select dataset from marts.editions)
order by all
