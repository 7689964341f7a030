-- checks.reliability_rests_on_its_value
-- Table   reliability
-- Severity critical
-- Meaning a value drawn towards the mean has a figure behind it, lies between the two, and shares its status
-- Grain   one row per drawn value that nothing carries
-- Reads   marts.reliability, marts.indicator_values
select r.body_id, r.indicator_id, r.period, r.status, r.value, v.value as stated, r.mean
from marts.reliability r
left join marts.indicator_values v using (body_id, indicator_id, period)
where v.status is distinct from r.status
    or (r.value is not null and v.value is null)
    or (r.value is not null and v.status in ('withheld', 'quarantined'))
    or (r.value is not null and not v.like_for_like)
    or r.value < least(v.value, r.mean) - 1e-9 * abs(r.mean)
    or r.value > greatest(v.value, r.mean) + 1e-9 * abs(r.mean)
    or not (r.lo <= r.value and r.value <= r.hi)
    or (r.use <> 'none' and r.reliability is null)
order by all
