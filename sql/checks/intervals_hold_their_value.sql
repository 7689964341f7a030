-- checks.intervals_hold_their_value
-- Table   indicator_values
-- Severity critical
-- Meaning a value lies inside its own interval
-- Grain   one row per figure outside
-- Reads   marts.indicator_values
select body_id, indicator_id, period, value, lo, hi
from marts.indicator_values
where lo > value + 1e-9 * abs(value) or hi < value - 1e-9 * abs(value)
order by all
