"""Stand-ins of payment providers, which move no money: each is strict as the real one, and misbehaves on demand as the
real one does. Tests reach them in process, `PAY=standins make up` by HTTP.

They share no code with the shop's own clients, lest both make the same mistake: both are held to published vectors.
"""
