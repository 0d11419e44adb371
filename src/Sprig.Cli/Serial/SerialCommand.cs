using System.CommandLine;

namespace Sprig.Cli.Serial;

/// <summary><c>sprig serial</c>: its commands.</summary>
internal static class SerialCommand
{
    internal static Command Create() => new("serial", "Serial lines: which there are, what they say, whether they are sound.")
    {
        List(), MonitorCommand.Create(), SendCommand.Create(), LoopbackCommand.Create(),
    };

    private static Command List()
    {
        Option<bool> json = new("--json") { Description = "As JSON." };
        Command command = new("list", "The serial devices of this machine: name that stays, driver, ids, product, who has them open.") { json };
        command.SetAction(parsed => UserError.Run("sprig serial list", () => SerialList.Show(Console.Out, parsed.GetValue(json))));
        return command;
    }
}
