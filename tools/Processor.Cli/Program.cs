using Processor.Cli.Commands;

return await CommandTree.RunAsync(args, Console.Out, Console.Error, TimeProvider.System);
