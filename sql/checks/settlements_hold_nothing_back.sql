-- checks.settlements_hold_nothing_back
-- Table   settlements
-- Severity critical
-- Meaning over the years of a plan what is held is never negative, nor is a bank; an unsettled year pays and asks nothing
-- Grain   one row per year of a plan with a negative balance, or unsettled and with a payment
-- Reads   marts.settlements
with s as (
    select
        scheme_id, body_id, plan_id, period, status,
        columns('^kept_.*') as kept, columns('^held_.*') as held, columns('^bank_.*') as bank
    from marts.settlements
),

balances as (
    select
        s.*,
        sum(s.held) over (partition by s.scheme_id, s.body_id, s.plan_id order by s.period) as open_escrow
    from s
)

select b.scheme_id, b.body_id, b.plan_id, b.period, b.open_escrow, b.bank, b.kept
from balances b
where b.open_escrow < 0 or b.bank < 0 or (b.status <> 'ok' and b.kept <> 0)
order by all
