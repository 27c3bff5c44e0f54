using BenchmarkDotNet.Running;
using Processor.Bench;

BenchmarkSwitcher.FromAssembly(typeof(Iso8583Benchmarks).Assembly).Run(args);
return 0;
