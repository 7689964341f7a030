-- checks.verdicts_follow_intervals
-- Table   positions
-- Severity critical
-- Meaning a verdict is lower or higher only where the whole interval lies on that side of the peers' median
-- Grain   one row per verdict that its interval does not earn
-- Reads   marts.positions, marts.indicator_values
select p.model_id, p.body_id, p.indicator_id, p.period, p.verdict, v.lo, v.hi, p.peer_median
from marts.positions p
join marts.indicator_values v using (body_id, indicator_id, period)
where (p.verdict = 'lower' and not v.hi < p.peer_median)
    or (p.verdict = 'higher' and not v.lo > p.peer_median)
    or (p.verdict = 'same' and not (v.lo <= p.peer_median and v.hi >= p.peer_median))
    or (p.verdict <> 'withheld' and p.n_peers < 5)
order by all
