-- checks.one_current_edition
-- Table   values
-- Severity critical
-- Meaning one edition at most rules a body, measure and period
-- Grain   one row per body, measure and period with several
-- Reads   marts.values
select body_id, measure_id, period, count(*) as editions
from marts.values
where is_current
group by body_id, measure_id, period
having count(*) > 1
order by all
