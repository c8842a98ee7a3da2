select
    figure.figure_id,
    figure.document_key,
    body.department_key,
    coalesce(figure.fiscal_year, body.fiscal_year) as fiscal_year,
    figure.statement,
    figure.row_number,
    figure.row_label,
    figure.code_as_printed,
    figure.subject_code,
    figure.code_resolution,
    figure.item,
    figure.measure,
    figure.text_as_printed,
    figure.printed_unit,
    figure.amount_yuan,
    figure.number,
    coalesce(cell.is_finest and statement.is_in_facts and rule.in_budget_fact, false) as is_additive,
    figure.page,
    figure.bbox,
    figure.reader,
    figure.proof_count,
    figure.proof_status,
    figure.part,
    body.scope,
    figure.row_order,
    figure.locator
from {{ ref('stg_figure') }} as figure
left join {{ ref('int_body') }} as body using (document_key, part)
left join {{ ref('int_cell') }} as cell on cell.figure_id = figure.figure_id
left join {{ ref('statement_status') }} as statement
    on statement.document_key = figure.document_key
    and statement.part = figure.part
    and statement.statement = figure.statement
left join {{ ref('statements') }} as rule on rule.statement = figure.statement
order by figure.document_key, figure.part, rule.statement_number nulls last, figure.statement, figure.row_order, figure.item,
    figure.measure
