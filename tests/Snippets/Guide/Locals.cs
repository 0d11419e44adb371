using System.Text;
using Sprig.Scheduling;

namespace Snippets.Guide;

/// <summary>The guide's pieces on state of one's own and on switching; each region is one fence.</summary>
internal static class Locals
{
    internal static async Task LocalAsync()
    {
        #region local
        CoroutineLocal<int> retries = new();
        AsyncLocal<string> request = new() { Value = "GET /" };
        retries.Value = 3;                                          // this coroutine's own
        await Coroutine.Spawn(() =>
        {
            Console.WriteLine($"{retries.Value} {request.Value}");  // 0 GET /
            retries.Value++;
            request.Value = "GET /child";
            return Task.CompletedTask;
        });
        Console.WriteLine($"{retries.Value} {request.Value}");      // 3 GET /
        #endregion
    }

    internal static async Task SwitchAsync()
    {
        #region switch
        SymmetricCoroutine<char, string?> lines = new(async (self, next) =>
        {
            while (true)
            {
                StringBuilder line = new();
                for (; next != '\n'; next = await self.SwitchBack(null))    // nothing yet; the next character, please
                    line.Append(next);
                next = await self.SwitchBack($"{line}");
            }
        });
        foreach (char next in "one\ntwo\n")
        {
            if (await lines.Switch(next) is { } line)
                Console.WriteLine(line);
        }
        #endregion
    }
}
