/** The styles of groups, boards, calendars and cards: a file of their own, which only the pages that show them fetch. */
import './styles/boards.css'
