-- checks.sources_are_fresh
-- Table   editions
-- Severity warning
-- Meaning the newest edition of every dataset is within its age limit, counted from the newest edition at hand
-- Grain   one row per stale dataset
-- Reads   marts.editions, staging.dataset_limits
with newest as (
    select dataset, max(date) as date from marts.editions group by dataset
)
select n.dataset, n.date, l.limit_age_years, (select max(date) from newest) as newest_at_hand
from newest n
join staging.dataset_limits l using (dataset)
where date_diff('day', n.date::date, (select max(date) from newest)::date) > 365.25 * l.limit_age_years
order by all
