-- checks.forecast_fans_widen
-- Table   forecasts
-- Severity critical
-- Meaning a fan's ends lie in order about its median
-- Grain   one row per fan that does not
-- Reads   marts.forecasts
select policy_id, body_id, indicator_id, period, lo, lo_50, median, hi_50, hi
from marts.forecasts
where not (lo <= lo_50 and lo_50 <= median and median <= hi_50 and hi_50 <= hi)
order by all
