-- checks.unit_slip
-- Table   values
-- Severity critical
-- Meaning from one year to the next, the middle body does not change by more than 0.5 in logarithms: that would be a slip of units, or a break to be declared
-- Grain   one row per measure and pair of years beyond the limit
-- Reads   staging.changes
select measure_id, before_period, period, round(any_value(median_change), 3) as median_change, any_value(n_bodies) as bodies
from staging.changes
where abs(median_change) > 0.5 and n_bodies >= 20
group by measure_id, before_period, period
order by all
