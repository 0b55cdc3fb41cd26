// Metrics for the textfile collector of node_exporter, without timestamps: https://github.com/prometheus/node_exporter#textfile-collector
import { Gauge, Registry } from 'prom-client'
import { defineFormat } from './define-format.ts'
import { judgementOf } from './machine/judged-findings.ts'
import { fillMetrics } from './prometheus/fill-metrics.ts'
import { runMetrics } from './prometheus/run-metrics.ts'
import { safe } from './safe.ts'

export const prometheus = defineFormat({
  id: 'prometheus',
  title: 'metrics for the textfile collector of node_exporter',
  kinds: ['AuditReport'],
  isShared: true,
  async render(report) {
    const judgement = judgementOf(report)
    const registry = new Registry()
    for (const { name, help, samples } of [...runMetrics, ...fillMetrics]) {
      const all = judgement.subjects.flatMap((subject) => [...samples(subject, judgement)])
      const [first] = all
      if (first === undefined) continue // a gauge without labels would say 0
      const gauge = new Gauge({ name: `ipam_${name}`, help, labelNames: Object.keys(first[0]), registers: [registry] })
      for (const [labels, value] of all) gauge.set(Object.fromEntries(Object.entries(labels).map(([key, text]) => [key, safe(text)])), value)
    }
    return [await registry.metrics()]
  },
})
