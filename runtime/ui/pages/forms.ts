/** All that forms need beyond plain HTML. */
import '../shared/combobox.ts'
import '../shared/date_input.ts'
import './numbers.ts'
import './rows.ts'
import './uploads.ts'
import './guard.ts'
import './live.ts'
