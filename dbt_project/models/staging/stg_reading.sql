select
    document_key, part, figure_id, statement, row_label, measure, text_as_printed, amount_yuan, outcome, decided_by, locator, page
from {{ source('extracted', 'reading') }}
order by all
