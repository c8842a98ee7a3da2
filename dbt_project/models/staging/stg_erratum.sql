select
    document_key, part, erratum_number, entry_number, place_count, statement, row_number, row_label, item, measure, figure_id,
    published_text, published_yuan, implied_yuan, implied_number, verdict, habit, identity_ids, evidence, page, locator
from {{ source('extracted', 'erratum') }}
order by document_key, erratum_number
