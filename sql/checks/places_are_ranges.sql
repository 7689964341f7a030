-- checks.places_are_ranges
-- Table   places
-- Severity critical
-- Meaning a place is a range within the field, only of figures with a reliability
-- Grain   one row per impossible range
-- Reads   marts.places, marts.reliability
select p.body_id, p.indicator_id, p.period, p.n, p.place_lo, p.place_hi, p.told_apart_from
from marts.places p
left join marts.reliability r using (body_id, indicator_id, period)
where r.body_id is null
    or (p.place_lo is null) <> (p.place_hi is null)
    or (p.place_lo is not null and r.reliability is null)
    or not (1 <= p.place_lo and p.place_lo <= p.place_hi and p.place_hi <= p.n)
    or p.told_apart_from > p.n - 1
order by all
