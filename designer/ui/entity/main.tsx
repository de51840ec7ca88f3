import '../main.ts'
import { Frame } from '../parts/frame.tsx'
import { mount, useDesigner, useDocument } from '../parts/designer.tsx'
import { TextField } from '../parts/basics.tsx'
import { written, type EntityDocument } from '../core/documents.ts'

function EntityDesigner() {
  const designer = useDesigner()
  const entity = useDocument<EntityDocument>()
  return <Frame title={designer.read(entity.label)} findings={designer.findings.filter(finding => finding.address === designer.place)}>
    <div className="stack">{entity.fields.map((field, index) => <TextField key={field.uid} label={field.key} value={designer.read(field.label)}
      onChange={words => designer.draft.edit('label', edits => edits.set(designer.place, ['fields', index, 'label'], written(field.label, designer.language, words, designer.boot.languages)), { merge: field.uid })} />)}</div>
  </Frame>
}

mount(() => <EntityDesigner />)
