using System.Text;
using Sprig.IO;
using Sprig.Scheduling;

namespace Sprig.PortedProgram.Tests;

/// <summary>The instrument at the other end of the program's tty: a script of answers, by line. It leaves when it is told BYE.</summary>
internal sealed class Instrument : IDisposable
{
    private static readonly Dictionary<string, byte[]> s_answers = new()
    {
        ["ID?"] = "SCD30 v2\r\n"u8.ToArray(),
        ["HALF"] = "par"u8.ToArray(),
        ["REST"] = "tial\r\n"u8.ToArray(),
        ["LIST"] = "one;two;three\r\n"u8.ToArray(),
        ["BINARY"] = [0x00, 0x01, 0x7F, 0x80, 0xFF, 0x0A],
        ["DEGREES"] = "21 °C\r\n"u8.ToArray(),
        ["STREAM"] = "line 1\r\nline 2\r\nline 3\r\n"u8.ToArray(),
    };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sprig-");
    private readonly PseudoTerminal _terminal = PseudoTerminal.Open();

    internal Instrument() => File.CreateSymbolicLink(DevicePath, _terminal.DevicePath);

    /// <summary>A name of its own: unplugged, it is gone, and not another test's pty.</summary>
    internal string DevicePath => Path.Combine(_folder.FullName, "instrument");

    /// <summary>What it was asked and has no answer to.</summary>
    internal List<string> Unknown { get; } = [];

    public void Dispose()
    {
        _terminal.Dispose();
        _folder.Delete(recursive: true);
    }

    internal async Task RunAsync()
    {
        StringBuilder line = new();
        byte[] received = new byte[256];
        while (true)
        {
            int count;
            try
            {
                count = await _terminal.ReadAsync(received);
            }
            catch (IOException)
            {
                // Nobody has the tty open: before the program begins, and while it has closed its port.
                await Coroutine.Sleep(TimeSpan.FromMilliseconds(2));
                continue;
            }

            foreach (byte one in received.AsMemory(0, count).ToArray())
            {
                if (one != '\n')
                {
                    line.Append((char)one);
                    continue;
                }

                string question = line.ToString().TrimEnd('\r');
                line.Clear();
                if (question == "BYE")
                {
                    File.Delete(DevicePath);
                    _terminal.Dispose();
                    return;
                }

                if (s_answers.TryGetValue(question, out byte[]? answer))
                    await _terminal.WriteAsync(answer);
                else
                    Unknown.Add(question);
            }
        }
    }
}
