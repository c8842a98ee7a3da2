-- The places of each entry of the ledger: most have one, a habit or a slip that is printed again has several.
select
    erratum.erratum_id,
    cast(place.erratum_number - place.entry_number + 1 as integer) as place_number,
    place.document_key,
    place.statement,
    place.row_number,
    place.row_label,
    place.item,
    place.measure,
    place.figure_id,
    place.published_text,
    place.published_yuan,
    place.implied_yuan,
    place.implied_number,
    place.page,
    place.locator
from {{ ref('stg_erratum') }} as place
inner join {{ ref('erratum') }} as erratum using (document_key, entry_number)
order by erratum.erratum_id, place_number
