using Processor.Host;

if (args is ["ledger", .. var words])
{
    var configuration = new ConfigurationBuilder().AddEnvironmentVariables().Build();
    return await LedgerCommand.RunAsync(words, configuration, Console.Out, Console.Error, CancellationToken.None);
}

if (args is ["vault", .. var vaultWords])
{
    var configuration = new ConfigurationBuilder().AddEnvironmentVariables().Build();
    return await VaultCommand.RunAsync(vaultWords, configuration, TimeProvider.System, Console.Out, Console.Error, CancellationToken.None);
}

if (args is ["script", .. var scriptWords])
{
    var configuration = new ConfigurationBuilder().AddEnvironmentVariables().Build();
    return await ChipCommand.RunAsync(scriptWords, configuration, TimeProvider.System, Console.Out, Console.Error, CancellationToken.None);
}

var app = ProcessorHost.Build(args);
await app.RunAsync(CancellationToken.None);
return 0;
