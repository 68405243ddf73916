let ticks = 0;
const timer = setInterval(() => {
  if (++ticks === 3) {
    clearInterval(timer);
    console.log('up');
  }
}, 10);
