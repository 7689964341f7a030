-- staging.judged
-- Grain   one row per cell that a measure takes up
-- Reads   staging.resolved
-- Writes  rule and reason: why the cell is set aside; null where it is accepted
-- Notes   set aside is what cannot be right or cannot be placed, never what is merely surprising (methods.md 0.4)
with twins as (
    select
        *,
        row_number() over (
            partition by measure_id, edition, period, body_id
            order by (scaled is null), (code <> body_id), code
        ) as place
    from staging.resolved
)
select
    * exclude (place),
    case
        when body_id is null then 'unknown_body'
        when period_kind is null then 'no_period'
        when place > 1 then 'second_code'
        when scaled < 0 and not allow_negative then 'negative'
        when scaled < least or scaled > most then 'implausible'
    end as rule,
    case
        when body_id is null then 'no body of the pack has the code ' || meant_code
        when period_kind is null then 'the figure belongs to no period'
        when place > 1 then 'another code of the same body states this figure too'
        when scaled < 0 and not allow_negative then 'a negative figure is impossible for this measure'
        when scaled < least or scaled > most
            then 'outside the possible range ' || coalesce(least::varchar, '-') || ' to ' || coalesce(most::varchar, '-')
    end as reason
from twins
