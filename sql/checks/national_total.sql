-- checks.national_total
-- Table   values
-- Severity critical
-- Meaning the bodies add up to the published national total within 0.5 %, where none is missing
-- Grain   one row per measure, period and edition that does not add up
-- Reads   marts.values, marts.bodies, staging.classes, staging.measure_rules, staging.national_totals
with members as (
    select v.measure_id, v.period, v.edition, sum(v.value order by v.body_id) as added,
        count(*) filter (where v.value is null) as absent
    from marts.values v
    join marts.bodies b using (body_id)
    join staging.classes c using (class_id)
    join staging.measure_rules m using (measure_id)
    where not c.aggregate
        and (m.rebuild not in ('lower', 'upper') or c.tier in (m.rebuild, 'single'))
        and v.measure_id in (select measure_id from staging.national_totals)
    group by v.measure_id, v.period, v.edition
), stated as (
    select v.measure_id, v.period, v.edition, v.value
    from marts.values v
    join staging.national_totals n using (measure_id, body_id)
)
select s.measure_id, s.period, s.edition, s.value as stated, m.added, m.absent
from stated s
join members m using (measure_id, period, edition)
where abs(m.added - s.value) > 0.005 * abs(s.value) and m.absent = 0
order by all
