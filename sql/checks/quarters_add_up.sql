-- checks.quarters_add_up
-- Table   places
-- Severity critical
-- Meaning the chances of standing in the first and in the last quarter add up to a quarter of the field, rounded up
-- Grain   one row per field whose chances do not add up
-- Reads   marts.places
select
    indicator_id,
    period,
    field,
    ceil(count(place_lo) / 4) as places,
    sum(p_best_quarter) as best,
    sum(p_worst_quarter) as worst
from marts.places
group by indicator_id, period, field
having abs(best - places) > 1e-6 or abs(worst - places) > 1e-6 or count(place_lo) not in (0, any_value(n))
order by all
