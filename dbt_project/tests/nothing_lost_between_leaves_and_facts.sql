-- Of each statement the facts hold exactly the finest figures: the same figures, the same yuan.
with leaves as (
    select figure_id, amount_yuan from {{ ref('published_figure') }} where is_additive
),

facts as (
    select figure_id, amount_yuan, count(*) over (partition by figure_id) as copies from {{ ref('fct_budget_amount') }}
),

-- as the statements say it, without what published_figure makes of it
expected as (
    select cell.figure_id, cell.amount_yuan
    from {{ ref('int_cell') }} as cell
    inner join {{ ref('statement_status') }} as statement using (document_key, part, statement)
    inner join {{ ref('statements') }} as rule using (statement)
    where cell.is_finest and statement.is_in_facts and rule.in_budget_fact
)

select
    figure_id, expected.amount_yuan as expected_yuan, leaves.amount_yuan as leaf_yuan, facts.amount_yuan as fact_yuan, facts.copies
from expected
full join leaves using (figure_id)
full join facts using (figure_id)
where
    expected.amount_yuan is distinct from leaves.amount_yuan
    or leaves.amount_yuan is distinct from facts.amount_yuan
    or facts.copies is distinct from 1
