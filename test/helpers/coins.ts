/** A study of this title: twenty calls of the simulated responder, and a table `t` of one `rate`. */
export const coins = (title: string): string => `study "${title}" {
  seed: 1
}

param n: Number = 20
model m = simulated(accuracy: 0.7)

prompt p(i: Number) {
  user "Question {i}: which?"
}

eval a {
  for i in 1..n
  c = m.choose(p(i), options: ["a", "b"])
  right = c.best == "a"
}
table t = from a {
  rate = mean(right)
}
`;
