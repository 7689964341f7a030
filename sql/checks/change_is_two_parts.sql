-- checks.change_is_two_parts
-- Table   malmquist
-- Severity critical
-- Meaning productivity change is catching up times the frontier's shift, and catching up is pure catching up times scale
-- Grain   one row per change that is not
-- Reads   marts.malmquist
select frontier_id, body_id, period, change, catching_up, frontier_shift, pure, scale
from marts.malmquist
where abs(change / (catching_up * frontier_shift) - 1) > 1e-9
    or abs(catching_up / (pure * scale) - 1) > 1e-9
    or not (lo <= hi)
    or period <= period_from
order by all
