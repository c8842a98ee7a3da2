select
    figure_id, document_key, part, fiscal_year, statement, row_order, row_number, row_label, code_as_printed, subject_code,
    code_resolution, item, measure, text_as_printed, printed_unit, amount_yuan, number, page, bbox, locator, reader,
    proof_count, proof_status
from {{ source('extracted', 'figure') }}
order by document_key, part, statement, row_order, item, measure
