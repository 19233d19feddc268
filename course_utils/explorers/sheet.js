// A sheet to draw on. Its strokes are the model's value, a text: every view draws what it says.

const KEY_STEP = 7 // px
const NEAREST = 2 // px: a point nearer to the one before it is left out
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }
const KEYS = 'arrow keys move the pen, Space puts it down or lifts it, '
  + 'Backspace takes back a stroke, Delete clears'

const parsed = text => !text ? [] : text.split(';').map(
  stroke => stroke.trim().split(/\s+/).map(point => point.split(',').map(Number)))
const written = strokes => strokes.map(
  stroke => stroke.map(point => point.join(',')).join(' ')).join(';')

function element(kind, parent, properties = {}, attributes = {}) {
  const made = Object.assign(document.createElement(kind), properties)
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value)
  parent.append(made)
  return made
}

function paint(canvas, size, width, strokes, pen) {
  const sharp = window.devicePixelRatio || 1
  if (canvas.width !== Math.round(size * sharp))
    canvas.width = canvas.height = Math.round(size * sharp)
  const brush = canvas.getContext('2d')
  brush.setTransform(sharp, 0, 0, sharp, 0, 0)
  brush.fillStyle = '#fff'
  brush.fillRect(0, 0, size, size)
  if (!strokes.length && !pen.shown) write(brush, size, 'draw a digit here')
  Object.assign(brush, { strokeStyle: '#000', lineWidth: width, lineCap: 'round', lineJoin: 'round' })
  for (const stroke of strokes) {
    brush.beginPath()
    for (const [x, y] of stroke) brush.lineTo(x, y)
    brush.lineTo(stroke.at(-1)[0] + 0.01, stroke.at(-1)[1]) // a single point is a dot
    brush.stroke()
  }
  if (pen.shown) mark(brush, width, pen)
}

function write(brush, size, words) {
  Object.assign(brush, { fillStyle: '#767676', font: '18px sans-serif', textAlign: 'center' })
  brush.fillText(words, size / 2, size / 2)
}

function mark(brush, width, { at: [x, y], isDown }) { // lifted a ring, down a disc
  Object.assign(brush, { lineWidth: 3, strokeStyle: '#0072B2', fillStyle: '#0072B2' })
  brush.beginPath()
  brush.arc(x, y, width / 2, 0, 2 * Math.PI)
  isDown ? brush.fill() : brush.stroke()
}

function render({ model, el }) {
  const size = model.get('size'), width = model.get('pen')
  const pen = { at: [size / 2, size / 4], isDown: false, shown: false } // the keyboard's
  let strokes = parsed(model.get('value')), pointer = null, isAsked = false

  el.classList.add('sheet')
  const canvas = element('canvas', el, { tabIndex: 0 }, {
    role: 'application', 'aria-label': `Sheet to draw on: ${KEYS}`,
    'data-lm-suppress-shortcuts': 'true', style: `width:${size}px;height:${size}px`,
  })
  const side = element('div', el, { className: 'sheet-side' })
  const undo = button('Undo'), clear = button('Clear')
  element('p', side, { textContent: `Draw with the mouse, a pen or a finger. By keyboard: ${KEYS}.` })
  const status = element('p', side, {}, { role: 'status' })

  function button(words) {
    const className = 'jupyter-button widget-button lm-Widget'
    return element('button', side, { type: 'button', textContent: words, className })
  }

  function show() {
    paint(canvas, size, width, strokes, pen)
    status.textContent = pen.shown ? `The pen is ${pen.isDown ? 'down' : 'lifted'}.` : ''
  }

  function changed() { // however many points come in a frame, they are sent together
    if (isAsked) return
    isAsked = true
    requestAnimationFrame(() => {
      isAsked = false
      model.set('value', written(strokes))
      model.save_changes()
      show()
    })
  }

  function followed() {
    if (isAsked || model.get('value') === written(strokes)) return
    strokes = parsed(model.get('value'))
    lifted()
    show()
  }

  function lifted() {
    pointer = null
    pen.isDown = false
  }

  function kept(kept) {
    strokes = kept
    lifted()
    changed()
  }

  function place({ clientX, clientY }) { // in px of the sheet, or just off it
    const box = canvas.getBoundingClientRect()
    return near((clientX - box.left) * size / box.width, (clientY - box.top) * size / box.height)
  }

  function near(x, y, beyond = width) {
    return [x, y].map(px => Math.round(Math.min(Math.max(px, -beyond), size + beyond)))
  }

  function drawn(point) {
    const [x, y] = strokes.at(-1).at(-1)
    if (Math.hypot(point[0] - x, point[1] - y) >= NEAREST) strokes.at(-1).push(point)
  }

  canvas.addEventListener('pointerdown', event => {
    if (event.button !== 0 || pointer !== null) return
    event.preventDefault()
    canvas.focus({ preventScroll: true })
    canvas.setPointerCapture(event.pointerId)
    Object.assign(pen, { isDown: false, shown: false })
    pointer = event.pointerId
    strokes.push([place(event)])
    changed()
  })
  canvas.addEventListener('pointermove', event => {
    if (event.pointerId !== pointer) return
    const together = event.getCoalescedEvents?.() ?? []
    for (const each of together.length ? together : [event]) drawn(place(each))
    changed()
  })
  for (const end of ['pointerup', 'pointercancel', 'lostpointercapture'])
    canvas.addEventListener(end, event => {
      if (event.pointerId === pointer) pointer = null
    })

  canvas.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey || !act(event.key)) return
    event.preventDefault()
    event.stopPropagation()
  })
  canvas.addEventListener('blur', () => {
    Object.assign(pen, { isDown: false, shown: false })
    show()
  })

  function act(key) {
    if (key in ARROWS) move(...ARROWS[key])
    else if (key === ' ') press()
    else if (key === 'Backspace') kept(strokes.slice(0, -1))
    else if (key === 'Delete') kept([])
    else return false
    pen.shown = true
    show()
    return true
  }

  function move(x, y) {
    pen.at = near(pen.at[0] + KEY_STEP * x, pen.at[1] + KEY_STEP * y, 0)
    if (!pen.isDown) return
    drawn(pen.at)
    changed()
  }

  function press() {
    pen.isDown = !pen.isDown
    if (!pen.isDown) return
    strokes.push([pen.at.map(Math.round)])
    changed()
  }

  undo.addEventListener('click', () => kept(strokes.slice(0, -1)))
  clear.addEventListener('click', () => kept([]))
  model.on('change:value', followed)
  show()
  return () => model.off('change:value', followed)
}

export default { render }
