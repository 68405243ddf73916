const end = Date.now() + 1_000;
while (Date.now() < end);
console.log('up');
