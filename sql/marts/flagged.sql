-- marts.flagged
-- Grain   one row per value kept but marked for confirmation
-- Reads   staging.changes
-- Writes  why: the change on the year before is beyond max(0.3, 4 x robust sd) in logarithms, or from or to zero
-- Notes   real councils do move, so nothing here is set aside (methods.md 0.4)
select
    body_id,
    measure_id,
    period,
    'year_on_year' as rule,
    case
        when log_change > 0 then 'rose by ' || (100 * (value / before_value - 1))::decimal(12, 0) || '% on ' || before_period
        when log_change < 0 then 'fell by ' || (100 * (1 - value / before_value))::decimal(12, 0) || '% on ' || before_period
        when before_value = 0 then 'rose from zero in ' || before_period
        else 'fell to zero since ' || before_period
    end as reason
from staging.changes
where abs(log_change) > greatest(0.3, 4 * robust_sd)
    or (log_change is null and greatest(value, before_value) > 20)
