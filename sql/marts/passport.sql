-- marts.passport
-- Grain   one row per body, measure and period that the pack expects a figure for
-- Reads   marts.values, marts.bodies, marts.periods, marts.flagged, marts.scope_flags, marts.measures, marts.indicators,
--         staging.expected_in, staging.judged, staging.service_measures, staging.breaks
-- Writes  grade, completeness (fraction of 1), age (whole years), revisions, quarantine, comparability
-- Notes   a period is expected of a measure when any body states it; a body is expected while it lived; a flag that names
--         indicators touches what stands above their line, one that names none the whole service
with asked as (
    select distinct v.measure_id, v.period, p.start, p.end
    from marts.values v
    join marts.periods p using (period)
), expected as (
    select b.body_id, b.class_id, a.measure_id, a.period, a.end
    from asked a
    join staging.expected_in e using (measure_id)
    join marts.bodies b
        on b.class_id = e.class_id
        and coalesce(b.valid_from, '') <= a.end
        and coalesce(b.valid_to, '9999') >= a.end
), stated as (
    select body_id, measure_id, period, value, status from marts.values where is_current
), revisions as (
    select body_id, measure_id, period, count(*) as n_editions,
        count(distinct value) + max((value is null)::integer) > 1 as revised
    from marts.values
    group by body_id, measure_id, period
), aside as (
    select body_id, measure_id, period, count(*) as n
    from staging.judged
    where rule is not null and body_id is not null
    group by body_id, measure_id, period
), marked as (
    select body_id, measure_id, period, string_agg(rule, ' ' order by rule) as flags
    from marts.flagged
    group by body_id, measure_id, period
), unlike as (
    select f.body_id, s.measure_id, f.period_from, f.period_to, min(f.reason) as reason
    from marts.scope_flags f
    join staging.service_measures s using (service_id)
    left join marts.indicators i
        on i.numerator = s.measure_id and list_contains(string_split(f.indicators, ' '), i.indicator_id)
    where f.indicators = '' or i.indicator_id is not null
    group by f.body_id, s.measure_id, f.period_from, f.period_to
), joined as (
    select
        e.*,
        coalesce(s.status, 'missing') as status,
        s.value,
        coalesce(r.n_editions, 0) as n_editions,
        coalesce(r.revised, false) as revised,
        coalesce(a.n, 0) as n_quarantined,
        m.flags,
        (
            select min(u.reason)
            from unlike u
            where u.body_id = e.body_id and u.measure_id = e.measure_id
                and u.period_from <= e.period and coalesce(u.period_to, '9999') >= e.period
        ) as unlike_reason
    from expected e
    left join stated s using (body_id, measure_id, period)
    left join revisions r using (body_id, measure_id, period)
    left join aside a using (body_id, measure_id, period)
    left join marked m using (body_id, measure_id, period)
)
select
    j.body_id,
    j.measure_id,
    j.period,
    j.status,
    case
        when j.value is null then 'D'
        when j.status in ('imputed', 'break', 'small', 'quarantined') or j.unlike_reason is not null then 'C'
        when j.status = 'provisional' or j.flags is not null or j.revised or j.n_quarantined > 0 then 'B'
        else 'A'
    end as grade,
    avg((j.value is not null)::integer) over (partition by j.class_id, j.measure_id, j.period) as present_share,
    (select max(p.end) from asked p)[:4]::integer - j.end[:4]::integer as age_periods,
    j.n_editions,
    j.revised,
    j.n_quarantined,
    j.flags,
    coalesce(j.unlike_reason, k.why, m.caveat) as comparability
from joined j
join marts.measures m using (measure_id)
left join staging.breaks k using (measure_id, period)
