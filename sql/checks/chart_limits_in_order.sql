-- checks.chart_limits_in_order
-- Table   charts
-- Severity critical
-- Meaning a chart's limits lie in order about its mean, and a point outside them says so
-- Grain   one row per point whose limits do not, or that stands outside without a signal
-- Reads   marts.charts
select body_id, indicator_id, period, kind, value, lower, near_lower, mean, near_upper, upper, signal
from marts.charts
where not (lower <= near_lower and near_lower <= mean and mean <= near_upper and near_upper <= upper)
    or (kind <> 'laney' and (value < lower or value > upper) and signal is distinct from 'outside')
    or (signal is null) <> (way is null)
order by all
