-- staging.changes
-- Grain   one row per body, measure and pair of years, where both figures are positive or one of them is zero
-- Reads   marts.values, marts.periods, staging.measure_rules, staging.breaks
-- Writes  log_change (natural logarithm; null at a zero), robust_sd: 1.4826 x median absolute deviation over all bodies
-- Notes   methods.md 0.4; context measures are left out, and so are declared breaks: there the definition changed, not the
--         body; the middle change leaves out counts of 20 or fewer in both years, which move by chance
with stated as (
    select v.body_id, v.measure_id, v.period, v.value, p.kind, p.start,
        m.unit in ('count', 'persons', 'households', 'dwellings') and v.value <= 20 as few
    from marts.values v
    join staging.measure_rules m using (measure_id)
    join marts.periods p using (period)
    where v.is_current and v.value >= 0 and m.kind <> 'context'
), pairs as (
    select
        b.body_id,
        b.measure_id,
        b.period,
        a.period as before_period,
        a.value as before_value,
        b.value,
        a.few and b.few as few,
        case when a.value > 0 and b.value > 0 then ln(b.value / a.value) end as log_change
    from stated b
    join stated a
        on a.body_id = b.body_id
        and a.measure_id = b.measure_id
        and a.kind = b.kind
        and a.start[6:] = b.start[6:]
        and a.start[:4]::integer + 1 = b.start[:4]::integer
    where not exists (from staging.breaks k where k.measure_id = b.measure_id and k.period = b.period)
)
select
    *,
    1.4826 * mad(log_change) over pair as robust_sd,
    median(log_change) filter (where not few) over pair as median_change,
    count(log_change) filter (where not few) over pair as n_bodies
from pairs
window pair as (partition by measure_id, period)
