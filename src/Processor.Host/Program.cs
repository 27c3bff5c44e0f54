using Processor.Host;

var app = ProcessorHost.Build(args);
await app.RunAsync(CancellationToken.None);
