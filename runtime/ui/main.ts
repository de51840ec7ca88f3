import './styles/runtime.css'
