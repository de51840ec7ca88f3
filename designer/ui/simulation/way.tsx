/** The way so far, stop by stop, and what can be done where it stands. */
import type { ReactNode } from 'react'
import { say } from '../../../runtime/ui/shared/texts.ts'
import { Button, Icon, Menu } from '../parts/basics.tsx'
import type { Case, Condition, MoveShown, SeatShown, Told, Turn, Visit } from './answers.ts'

const ICONS = { input: 'square-pen', choice: 'split', approval: 'user-check', final: 'flag' }

export function Way({ told, onTurn }: { told: Told; onTurn: (turn: Turn) => void }): ReactNode {
  const last = told.visits.at(-1)?.number
  return <>
    {told.unreadable.length > 0 && <p className="note info"><Icon name="info" /><span>{say('designer.simulation.unreadable', { fields: told.unreadable.join(say('designer.simulation.comma')) })}</span></p>}
    <ol className="sim-way" aria-label={say('designer.simulation.way')}>{told.visits.map(visit => <Stop key={visit.number} visit={visit} isHere={visit.number === last} />)}</ol>
    {told.refused && <div className="note bad" role="alert"><Icon name="circle-alert" /><div>
      <strong>{say('designer.simulation.refused')}</strong>{told.refused.problems.map(problem => <p key={problem.message}>{problem.message}</p>)}
      {told.refused.attempt.length > 0 && <><p className="quiet">{say('designer.simulation.attempt')}</p><ol className="sim-way">{told.refused.attempt.map(visit => <Stop key={visit.number} visit={visit} isHere={false} />)}</ol></>}</div></div>}
    {told.here.is_final
      ? <p className="note ok"><Icon name="flag" /><span>{say('designer.simulation.ended', { state: told.here.state.label })}</span></p>
      : <Here told={told} onTurn={onTurn} />}
  </>
}

function Stop({ visit, isHere }: { visit: Visit; isHere: boolean }): ReactNode {
  const { state } = visit
  return <li className="sim-stop" data-type={state.type} aria-current={isHere ? 'step' : undefined}>
    <span className="sim-dot"><Icon name={ICONS[state.type]} /></span>
    <div className="sim-body">
      <p className="sim-title"><strong>{state.label}</strong>{state.status && state.status !== state.label && <span className="chip">{state.status}</span>}{visit.result && state.type === 'approval' && <span className="quiet"> {visit.result}</span>}</p>
      {visit.cases.length > 0 && <ul className="sim-cases">{visit.cases.map((each, index) => <CaseLine key={index} shown={each} />)}</ul>}
      {visit.conditions.map((each, index) => <p key={index} className="sim-condition"><Mark result={each.result} />{each.about}{each.person && ` (${each.person})`}: {each.words}<Reads condition={each} /></p>)}
      {visit.seats.length > 0 && <ul className="sim-seats" aria-label={say('designer.simulation.asked')}>{visit.seats.map(seat =>
        <li key={seat.seat}><Icon name={seat.user ? 'user' : 'shield'} /><span><strong>{seat.name}</strong> <span className="quiet">{seat.rule}</span></span><span className="chip" data-colour={tone(seat)}>{seat.word}</span></li>)}</ul>}
      {visit.decide && <p className="quiet">{say('designer.simulation.decide', { how: visit.decide })}</p>}
      {isHere && visit.nobody && <p className="quiet">{visit.nobody}</p>}
      {visit.filled.length > 0 && <p className="quiet"><Icon name="pencil" />{say('designer.simulation.filled', { fields: visit.filled.join(say('designer.simulation.comma')) })}</p>}
      {visit.effects.length > 0 && <ul className="sim-effects" aria-label={say('designer.simulation.effects')}>{visit.effects.map((effect, index) => <li key={index}><Icon name="zap" /><span>{effect}</span></li>)}</ul>}
      {visit.timers.length > 0 && <ul className="sim-effects" aria-label={say('designer.simulation.timers')}>{visit.timers.map(timer => <li key={timer.key + timer.at} data-status={timer.status}><Icon name="clock" /><span>{timer.words} <span className="quiet">{timer.at}{timer.status !== 'armed' && `, ${say(`designer.simulation.timer_${timer.status}`)}`}</span></span></li>)}</ul>}
    </div></li>
}

const tone = (seat: SeatShown): string => seat.status === 'approved' || seat.status === 'auto_approved' ? 'green' : seat.status === 'rejected' ? 'red' : seat.status === 'open' ? 'blue' : seat.status === 'returned' ? 'amber' : 'grey'

function Mark({ result }: { result: boolean | null }): ReactNode {
  const word = say(`designer.simulation.${result === null ? 'not_asked' : result ? 'holds' : 'fails'}`)
  return <span className="sim-mark" data-result={String(result)} title={word}><Icon name={result === null ? 'minus' : result ? 'check' : 'x'} /><span className="sr">{word}: </span></span>
}

function Reads({ condition }: { condition: Condition }): ReactNode {
  return condition.reads.length ? <span className="sim-reads">{condition.reads.map(each => `${each.label} = ${each.value}`).join(say('designer.simulation.semicolon'))}</span> : null
}

function CaseLine({ shown }: { shown: Case }): ReactNode {
  return <li data-taken={shown.taken || undefined}><Mark result={shown.taken ? true : shown.result} /><span>{shown.words} <span className="sim-to"><Icon name="arrow-right" />{shown.to.label}</span>{shown.taken && <span className="sr"> {say('designer.simulation.taken')}</span>}<Reads condition={shown} /></span></li>
}

function Here({ told, onTurn }: { told: Told; onTurn: (turn: Turn) => void }): ReactNode {
  const { here } = told
  const [own, global] = [here.moves.filter(move => !move.is_global), here.moves.filter(move => move.is_global)]
  return <div className="sim-here" role="group" aria-label={say('designer.simulation.next')}>
    <p className="sim-title"><strong>{say('designer.simulation.next')}</strong></p>
    {own.map(move => <MoveLine key={move.name} move={move} onTurn={onTurn} />)}
    {here.seats.map(seat => <div className="sim-act" key={seat.seat}><span className="clip"><strong>{seat.name}</strong></span>
      <Button small tone="primary" icon="check" label={say('designer.simulation.approve')} title={say('designer.simulation.approve_as', { name: seat.name })} onClick={() => onTurn({ do: 'decide', name: 'approve', seat: seat.seat })} />
      <Button small icon="x" label={say('designer.simulation.reject')} title={say('designer.simulation.reject_as', { name: seat.name })} onClick={() => onTurn({ do: 'decide', name: 'reject', seat: seat.seat })} />
      {here.returns.length > 0 && <Menu small icon="undo-2" label={say('designer.simulation.return_as', { name: seat.name })} items={here.returns.map(target => ({ label: target.label, act: () => onTurn({ do: 'decide', name: 'return', seat: seat.seat, to: target.key }) }))} />}
    </div>)}
    {here.timers.map(timer => <div className="sim-act" key={timer.key}><span className="quiet clip">{timer.words}</span><Button small tone="plain" icon="fast-forward" label={say('designer.simulation.wait')} title={say('designer.simulation.wait_for', { at: timer.at })} onClick={() => onTurn({ do: 'timer', name: timer.key })} /></div>)}
    {global.map(move => <MoveLine key={move.name} move={move} onTurn={onTurn} />)}
  </div>
}

function MoveLine({ move, onTurn }: { move: MoveShown; onTurn: (turn: Turn) => void }): ReactNode {
  return <div className="sim-act"><span><Button small tone={move.is_global ? '' : 'primary'} icon={move.is_global ? 'undo-2' : 'send'} label={move.label} onClick={() => onTurn({ do: 'fire', name: move.name, ...(move.who ? { by: move.who } : {}) })} />
    <span className="quiet"> {say('designer.simulation.by', { name: move.who_name, rule: move.by, state: move.to.label })}</span>
    {move.when && <span className="sim-condition"><Mark result={move.when.result} />{move.when.words}<Reads condition={move.when} /></span>}
    {move.require.length > 0 && <span className="quiet sim-line">{say('designer.simulation.requires', { fields: move.require.join(say('designer.simulation.comma')) })}</span>}</span></div>
}
