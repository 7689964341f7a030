-- checks.funnel_flags_follow_limits
-- Table   funnel_points
-- Severity critical
-- Meaning a flag is what the widened 99.8 % limits say, and only where its funnel flags at all
-- Grain   one row per flag against its limits
-- Reads   marts.funnel_points, marts.funnels
select p.body_id, p.indicator_id, p.period, p.flag, p.value, p.lo_998, p.hi_998, f.phi
from marts.funnel_points p
left join marts.funnels f using (indicator_id, period, field)
where f.n is null
    or (p.flag = 'low' and not p.value < p.lo_998)
    or (p.flag = 'high' and not p.value > p.hi_998)
    or (p.flag = 'within' and not (p.value >= p.lo_998 and p.value <= p.hi_998))
    or (p.flag <> 'withheld' and (f.phi is null or f.phi > 10))
    or (p.flag = 'withheld') <> (p.discovery is null)
order by all
