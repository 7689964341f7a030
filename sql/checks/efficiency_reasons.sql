-- checks.efficiency_reasons
-- Table   efficiency
-- Severity critical
-- Meaning a body has a score or a reason why not, an interval that a radial score does not leave, and no real body beats it by more
-- Grain   one row per body that contradicts itself
-- Reads   marts.efficiency
select frontier_id, body_id, period, score, lo, hi, fdh, reason
from marts.efficiency
where (score is null) = (reason is null)
    or lo > hi
    or hi > score + 1e-9
    or fdh < score - 1e-6
order by all
