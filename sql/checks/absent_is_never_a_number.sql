-- checks.absent_is_never_a_number
-- Table   values
-- Severity critical
-- Meaning a figure that is missing, suppressed or not applicable has no value, and every other one has
-- Grain   one row per contradiction
-- Reads   marts.values
select body_id, measure_id, period, edition, status, value
from marts.values
where (status in ('missing', 'suppressed', 'not_applicable', 'withheld', 'zero_den')) <> (value is null)
order by all
