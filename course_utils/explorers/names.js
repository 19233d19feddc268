// Says to a screen reader what ipywidgets leaves unsaid in the box that this stands in: the names
// of sliders and their numbers, the names of Play's buttons, and which button of a row is chosen.

const WATCHED = {
  subtree: true, childList: true, characterData: true, attributeFilter: ['class', 'aria-valuetext'],
}
const nextFrame = () => new Promise(requestAnimationFrame)
const wordsOf = element => element?.textContent.trim() ?? ''

function say(element, attribute, words) {
  if (words && element && element.getAttribute(attribute) !== words)
    element.setAttribute(attribute, words)
}

function sayAll(box) {
  for (const control of box.querySelectorAll('.noUi-handle, select'))
    say(control, 'data-lm-suppress-shortcuts', 'true') // its arrow keys are its own
  for (const slider of box.querySelectorAll('.widget-slider')) {
    const handle = slider.querySelector('.noUi-handle')
    say(handle, 'aria-label', wordsOf(slider.querySelector('.widget-label')))
    say(handle, 'aria-valuetext', wordsOf(slider.querySelector('.widget-readout')))
  }
  for (const button of box.querySelectorAll('.widget-play button')) {
    const icon = ['stop', 'pause', 'play'].find(name => button.querySelector(`.fa-${name}`))
    say(button, 'aria-label', icon)
  }
  for (const row of box.querySelectorAll('.widget-toggle-buttons')) {
    say(row, 'role', 'group')
    say(row, 'aria-label', wordsOf(row.querySelector('.widget-label')))
    for (const button of row.querySelectorAll('button'))
      say(button, 'aria-pressed', String(button.classList.contains('mod-active')))
  }
}

function render({ el }) {
  el.style.display = 'none'
  let isGone = false, observer = null
  const begin = async () => {
    while (!el.isConnected && !isGone) await nextFrame()
    const box = el.closest('.widget-box')
    if (isGone || !box) return
    box.classList.add('course-controls')
    observer = new MutationObserver(() => sayAll(box))
    observer.observe(box, WATCHED)
    sayAll(box)
  }
  begin()
  return () => {
    isGone = true
    observer?.disconnect()
  }
}

export default { render }
