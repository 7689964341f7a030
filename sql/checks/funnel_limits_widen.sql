-- checks.funnel_limits_widen
-- Table   funnel_points
-- Severity critical
-- Meaning limits that allow for unexplained variation are no narrower than those of chance, and those of 99.8 % hold those of 95 %
-- Grain   one row per point whose limits cross
-- Reads   marts.funnel_points
select body_id, indicator_id, period, lo_998, lo_95, plain_lo_95, plain_hi_95, hi_95, hi_998
from marts.funnel_points
where lo_998 > lo_95 + 1e-9
    or lo_95 > plain_lo_95 + 1e-9
    or plain_lo_95 > plain_hi_95
    or plain_hi_95 > hi_95 + 1e-9
    or hi_95 > hi_998 + 1e-9
order by all
