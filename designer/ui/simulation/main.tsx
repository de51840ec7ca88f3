/** The simulation alone on a page. */
import '../main.ts'
import { say } from '../../../runtime/ui/shared/texts.ts'
import type { WorkflowDocument } from '../core/documents.ts'
import { Frame } from '../parts/frame.tsx'
import { mount, useDesigner, useDocument } from '../parts/designer.tsx'
import { SimulationPanel } from './panel.tsx'

function Page() {
  const designer = useDesigner()
  const workflow = useDocument<WorkflowDocument>()
  return <Frame title={say('designer.simulation.of', { workflow: designer.read(workflow.label, workflow.key) })}
    tools={<a className="button" href={`/design/${designer.boot.app}/workflow/${workflow.key}`}>{say('designer.simulation.to_workflow')}</a>}>
    <div className="sim-page"><SimulationPanel workflow={workflow.key} /></div>
  </Frame>
}

mount(() => <Page />)
